"""Writes the files of the folder "pytorch" beside it, with PyTorch 2.14.1: python pytorch.py pytorch

tensors.zip64.pt holds the entries of tensors.zip.pt, written by zipfile of Python with ZIP64_LIMIT 1.
"""
import argparse
import collections
import json
import os
import sys

import numpy as np
import torch

out=sys.argv[1]; os.makedirs(out,exist_ok=True)
g=torch.Generator().manual_seed(7)
base=torch.randn(6,5,generator=g)
D=collections.OrderedDict()
D['f32']=base
D['transposed']=base.t()
D['column']=base[:,2]
D['rows']=base[2:5]
D['stepped']=base[::2,1::2]
D['permuted']=torch.arange(24,dtype=torch.float32).reshape(2,3,4).permute(2,0,1)
D['scalar']=torch.tensor(2.5)
D['empty']=torch.zeros(0,3)
D['empty_columns']=torch.zeros(5,0)
D['f64']=torch.randn(2,3,generator=g,dtype=torch.float64)
D['f16']=torch.randn(7,generator=g).half()
D['f16_transposed']=torch.randn(4,3,generator=g).half().t()
D['bf16']=torch.randn(7,generator=g).bfloat16()
D['i64']=torch.tensor([[1,-2],[2**40,-2**62]])
D['i32']=torch.tensor([1,-2,2**31-1],dtype=torch.int32)
D['i16']=torch.tensor([1,-2,32767],dtype=torch.int16)
D['i8']=torch.tensor([[1,-2,127],[-128,0,3]],dtype=torch.int8).t()
D['u8']=torch.tensor([0,200,255],dtype=torch.uint8)
D['bool']=torch.tensor([True,False,True])
D['parameter']=torch.nn.Parameter(torch.randn(3,generator=g))
D['tied']=D['parameter']
D._metadata=collections.OrderedDict([('',{'version':1})])
one={'a':torch.arange(6,dtype=torch.float32).reshape(3,2).t()}
torch.save(one,out+'/one.zip.pt')
torch.save(one,out+'/one.legacy.pt',_use_new_zipfile_serialization=False)
gold=[]
for k,t in D.items():
    t=t.detach()
    v=t.double() if t.is_floating_point() else t.long()
    gold.append({'name':k,'shape':list(t.shape),'type':str(t.dtype).split('.')[1],'values':v.flatten().tolist()})
json.dump(gold,open(out+'/tensors.json','w'),indent=0)
torch.save(D,out+'/tensors.zip.pt')
torch.save(D,out+'/tensors.legacy.pt',_use_new_zipfile_serialization=False)
for p in (4,5):
    torch.save(D,out+f'/tensors.protocol{p}.pt',pickle_protocol=p)
torch.save({'a':base.expand(3,6,5)},out+'/expanded.pt')
m=torch.nn.Linear(2,2); torch.save(m,out+'/module.pt')
torch.jit.script(m).save(out+'/script.pt')
torch.save({'q':torch.quantize_per_tensor(base,0.1,0,torch.qint8)},out+'/quantized.pt')
torch.save({'s':base.to_sparse()},out+'/sparse.pt')
torch.save({'f8':base.to(torch.float8_e4m3fn),'u16':torch.zeros(2,dtype=torch.uint16)},out+'/new.pt')
torch.save({'model':D,'args':argparse.Namespace(a=1),'best':np.float64(3.5),'arr':np.arange(3),'set':{1,2}, 'extra':{'x':b'bytes','c':(1,2)}},out+'/checkpoint.pt')
